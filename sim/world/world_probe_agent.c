/* world_probe_agent.c: a program for the world's own test: does one thing a word and says how it
 *went.
 *
 *	udp ADDRESS PORT      send a datagram, print the answer or the error
 *	tcp ADDRESS PORT      connect, print "connected" or the error
 *	flood ADDRESS PORT N  send N datagrams, read no answer
 *	big ADDRESS PORT      send 4000 bytes, print the size of the answer
 *	listen PORT           bind, listen, close
 *	thread PORT           the same in a second thread
 *	bindudp PORT          bind a datagram socket
 *	stay PORT             listen in a daemon that outlives this process
 *	name NAME             resolve
 *	panel PATH            connect to a unix socket and send "hello"
 *	spam N                print N bytes
 *	forks                 fork until refused, then end
 *	fill PATH             write a file until refused
 *	keep                  write a file, sync it and its folder, all of it hidden from debuggers
 *	wait                  until a signal comes
 *	calls                 try what the filter must refuse
 *	crash                 end by a signal */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

static int say(const char *what, long result)
{
	if (result < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: ok\n", what);
	fflush(stdout);
	return result < 0;
}

static struct sockaddr_in address_of(const char *address, const char *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	inet_pton(AF_INET, address, &in.sin_addr);
	return in;
}

static int open_to(int type, char **args)
{
	struct sockaddr_in in = address_of(args[0], args[1]);
	struct timeval wait = { .tv_sec = 5 };
	int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (connect(fd, (struct sockaddr *)&in, sizeof(in)) < 0) {
		say("connect", -1);
		exit(EXIT_FAILURE);
	}
	return fd;
}

static int do_udp(char **args)
{
	char answer[65536];
	int fd = open_to(SOCK_DGRAM, args);
	ssize_t size = send(fd, "ask", 3, 0) < 0 ? -1 : recv(fd, answer, sizeof(answer) - 1, 0);

	if (size >= 0) {
		answer[size] = 0;
		printf("answer: %s\n", answer);
	} else {
		printf("error: %s\n", strerror(errno));
	}
	return 0;
}

static int do_big(char **args)
{
	static char data[4000], answer[65536];
	int fd = open_to(SOCK_DGRAM, args);

	if (send(fd, data, sizeof(data), 0) < 0)
		return say("send", -1);
	printf("size: %zd\n", recv(fd, answer, sizeof(answer), 0));
	return 0;
}

static int do_flood(char **args)
{
	static char data[100];
	struct sockaddr_in in = address_of(args[0], args[1]);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = atoi(args[2]); i > 0; i--)
		if (sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&in, sizeof(in)) < 0)
			return say("send", -1);
	return 0;
}

static int do_tcp(char **args)
{
	open_to(SOCK_STREAM, args);
	puts("connected");
	return 0;
}

static int open_listener(const char *port)
{
	struct sockaddr_in in = address_of("127.0.0.1", port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	say("bind", bind(fd, (struct sockaddr *)&in, sizeof(in)));
	say("listen", listen(fd, 1));
	return fd;
}

static int do_listen(char **args)
{
	return close(open_listener(args[0]));
}

static void *listen_apart(void *port)
{
	close(open_listener(port));
	return NULL;
}

static int do_thread(char **args)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, listen_apart, args[0]))
		return EXIT_FAILURE;
	return pthread_join(thread, NULL);
}

static int do_bindudp(char **args)
{
	struct sockaddr_in in = address_of("0.0.0.0", args[0]);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return say("bind", bind(fd, (struct sockaddr *)&in, sizeof(in)));
}

static int do_stay(char **args)
{
	int ready[2];
	char byte;

	if (pipe(ready) < 0)
		return EXIT_FAILURE;
	if (fork() == 0) {
		setsid();
		open_listener(args[0]);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	return read(ready[0], &byte, 1) != 0;
}

static int do_name(char **args)
{
	struct addrinfo want = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	char text[INET_ADDRSTRLEN];
	int code = getaddrinfo(args[0], "443", &want, &found);

	if (code) {
		printf("%s: %s\n", args[0], gai_strerror(code));
		return 0;
	}
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)found->ai_addr;
	printf("%s: %s\n", args[0], inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text)));
	freeaddrinfo(found);
	return 0;
}

static int do_panel(char **args)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", args[0]);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return say("connect", -1);
	return say("send", send(fd, "hello", 5, 0));
}

static int do_spam(char **args)
{
	static char block[65536];

	memset(block, 'x', sizeof(block));
	for (long left = atol(args[0]); left > 0; left -= (long)sizeof(block))
		if (write(STDOUT_FILENO, block, sizeof(block)) < 0)
			return EXIT_FAILURE;
	return 0;
}

static int do_forks(char **args)
{
	int made = 0;
	pid_t pid;

	(void)args;
	while ((pid = fork()) > 0)
		made++;
	if (pid == 0)
		for (;;)
			pause();
	printf("made %d\n", made);
	return 0;
}

static int do_fill(char **args)
{
	static char block[65536];
	long total = 0;
	ssize_t size;
	int fd = open(args[0], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	signal(SIGXFSZ, SIG_IGN);
	if (fd < 0)
		return say("open", -1);
	while ((size = write(fd, block, sizeof(block))) > 0)
		total += size;
	printf("wrote %ld: %s\n", total, strerror(errno));
	return 0;
}

static volatile sig_atomic_t told;

static void heard(int signal)
{
	told = signal;
}

static int do_keep(char **args)
{
	int fd, folder;

	(void)args;
	prctl(PR_SET_DUMPABLE, 0);
	if (say("open", fd = open("kept", O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) ||
	    say("write", write(fd, "whole\n", 6)) || say("sync", fsync(fd)))
		return 1;
	close(fd);
	folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return say("folder", fsync(folder)) || say("next", mkdir("next", 0700));
}

static int do_wait(char **args)
{
	sigset_t held, old;

	(void)args;
	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigprocmask(SIG_BLOCK, &held, &old);
	signal(SIGTERM, heard);
	puts("waiting");
	fflush(stdout);
	while (!told)
		sigsuspend(&old);
	printf("signal %d\n", (int)told);
	return 0;
}

static int do_calls(char **args)
{
	(void)args;
	say("unshare", unshare(CLONE_NEWUSER));
	say("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
	say("packet", socket(AF_PACKET, SOCK_RAW, 0));
	say("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	say("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
	say("ptrace", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	say("kill 1", kill(1, SIGKILL));
	say("init's files", open("/proc/1/fd/0", O_RDONLY));
	return 0;
}

static int do_crash(char **args)
{
	(void)args;
	abort();
}

static const struct {
	const char *name;
	int args;
	int (*run)(char **args);
} words[] = {
	{ "udp", 2, do_udp },     { "big", 2, do_big },       { "flood", 3, do_flood },
	{ "tcp", 2, do_tcp },     { "listen", 1, do_listen }, { "thread", 1, do_thread },
	{ "stay", 1, do_stay },   { "name", 1, do_name },     { "bindudp", 1, do_bindudp },
	{ "panel", 1, do_panel }, { "spam", 1, do_spam },     { "forks", 0, do_forks },
	{ "fill", 1, do_fill },   { "wait", 0, do_wait },     { "calls", 0, do_calls },
	{ "crash", 0, do_crash }, { "keep", 0, do_keep },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(argv[1], words[i].name) && argc - 2 >= words[i].args)
			return words[i].run(argv + 2);
	fputs("usage: world_probe_agent WORD ARGUMENT...\n", stderr);
	return 2;
}
