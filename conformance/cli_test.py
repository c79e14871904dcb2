"""The program as its users see it: exit codes, messages, files, and verdicts that rest on evidence.

usage: cli_test.py ECSP SOURCE [unittest arguments]
"""
import concurrent.futures
import csv
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

ECSP, SOURCE = (os.path.abspath(path) for path in sys.argv[1:3])
FOLDER = tempfile.mkdtemp(prefix="ecsp-cli-")
os.chmod(FOLDER, 0o755)
SEALED = ("scenario.yaml", "journal.jsonl", "truth.jsonl", "capture.pcapng", "agent.log")
GOOD = ("dc.items", "dc.tls.https-expired")
FAIL, USAGE, INCONCLUSIVE, HARNESS, DRIFT, TOO_FEW = 1, 2, 3, 4, 5, 6


def path(*names):
    return os.path.join(FOLDER, *names)


def ecsp(*words, cwd=FOLDER):
    return subprocess.run([ECSP, *words], cwd=cwd, capture_output=True, text=True, timeout=120,
                          check=False, errors="replace")


def read(*names):
    with open(path(*names), encoding="utf-8") as file:
        return file.read()


def write(text, *names, mode=0o644):
    os.makedirs(os.path.dirname(path(*names)), exist_ok=True)
    with open(path(*names), "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path(*names), mode)
    return path(*names)


def result_of(out):
    return json.loads(read(out, "result.json"))


def findings_of(result):
    return [(scenario["id"], finding) for scenario in result["scenarios"]
            for finding in scenario["findings"]]


def evidence_folders(root):
    return [folder for folder, _, files in os.walk(root) if "journal.jsonl" in files]


def seal(folder):
    """The sums, renewed over what is there, as sha256sum writes them."""
    lines = []
    for name in sorted(os.listdir(folder)):
        if name != "SHA256SUMS" and os.path.isfile(os.path.join(folder, name)):
            with open(os.path.join(folder, name), "rb") as file:
                lines.append(f"{hashlib.sha256(file.read()).hexdigest()}  {name}\n")
    with open(os.path.join(folder, "SHA256SUMS"), "w", encoding="utf-8") as file:
        file.writelines(lines)


def copy_of(case, name):
    """Evidence of a good run to tamper with, without the old verdicts."""
    target = path(name, case)
    shutil.rmtree(path(name), ignore_errors=True)
    shutil.copytree(path("good", case), target)
    for folder in evidence_folders(target):
        if os.path.exists(os.path.join(folder, "result.json")):
            os.remove(os.path.join(folder, "result.json"))
        seal(folder)
    return target


def judge(folder):
    out = path("judged.json")
    if os.path.exists(out):
        os.remove(out)
    done = ecsp("judge", "--json", out, folder)
    result = None
    if os.path.exists(out):
        with open(out, encoding="utf-8") as file:
            result = json.load(file)
    return done, result


def verdicts(scenario):
    return [(finding["requirement"], finding["rule"], finding["verdict"], finding["reason"])
            for finding in scenario["findings"]]


def alter_lines(folder, name, change):
    """Calls change on each object of a file of JSON lines until it says that this is enough."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    before = json.dumps(lines)
    any(change(line) for line in lines)
    if json.dumps(lines) == before:
        raise AssertionError("nothing to alter")
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
                        for line in lines)
    seal(folder)


def scenario_text(name, deadline="4s", within="1500ms"):
    return (f"format: ecsp-scenario/1\nid: t.{name}\ntitle: {name}\npurpose: to be tried\nagent: dc\n"
            f"deadline: {deadline}\nconfig: {{intervalMs: 500}}\n"
            "printers:\n  - {name: lobby, profile: sc-t-24, address: 10.16.0.10}\n"
            f"steps:\n  - wait: {{for: upload.stored, count: 2, within: {within}}}\n"
            "expect:\n  - items: {}\n    requirement: COL-3\n")


def setUpModule():
    done = ecsp("test", "--out", "good", *GOOD)
    write(done.stdout + done.stderr, "good.log")


def tearDownModule():
    shutil.rmtree(FOLDER)


class Judging(unittest.TestCase):
    """Verdicts follow from the evidence and from nothing else."""

    def test_the_bundled_agent_passes(self):
        self.assertEqual(result_of("good")["summary"]["pass"], len(GOOD), read("good.log"))

    def test_judging_again_gives_the_same_verdicts_without_the_old_ones(self):
        before = {scenario["id"]: scenario for scenario in result_of("good")["scenarios"]}
        for case in GOOD:
            done, result = judge(copy_of(case, "again"))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(verdicts(result["scenarios"][0]), verdicts(before[case]))
            self.assertEqual(result["scenarios"][0]["verdict"], before[case]["verdict"])

    def test_an_altered_observation_changes_the_verdict_that_rested_on_it(self):
        folder = copy_of("dc.items", "observation")

        def change(line):
            if line["kind"] != "upload.stored":
                return False
            line["body"]["records"][0]["serial"] += "9"
            return True

        alter_lines(folder, "journal.jsonl", change)
        done, result = judge(folder)
        self.assertEqual(done.returncode, FAIL)
        failed = [finding for _, finding in findings_of(result) if finding["verdict"] == "fail"]
        self.assertTrue(any("D03" in finding.get("items", []) and finding["requirement"] == "COL-3"
                            for finding in failed), failed)

    def test_an_altered_truth_changes_the_verdict_that_rested_on_it(self):
        folder = copy_of("dc.items", "truth")

        def change(line):
            line["items"]["D02"] = "SC-T99"
            return False

        alter_lines(folder, "truth.jsonl", change)
        done, result = judge(folder)
        self.assertEqual(done.returncode, FAIL)
        failed = [finding for _, finding in findings_of(result) if finding["verdict"] == "fail"]
        self.assertEqual({item for finding in failed for item in finding.get("items", [])}, {"D02"})

    def test_another_port_in_the_capture_is_a_breach(self):
        folder = copy_of("dc.items", "capture")
        name = os.path.join(folder, "capture.pcapng")
        with open(name, "rb") as file:
            data = bytearray(file.read())
        # From 10.0.0.5 to 10.16.0.10, any port, to port 161: IPv4 addresses, then those of UDP.
        found = re.search(rb"\x0a\x00\x00\x05\x0a\x10\x00\x0a..\x00\xa1", bytes(data), re.DOTALL)
        data[found.end() - 1] += 1
        with open(name, "wb") as file:
            file.write(data)
        seal(folder)
        done, result = judge(folder)
        self.assertEqual(done.returncode, FAIL)
        failed = [finding for _, finding in findings_of(result) if finding["verdict"] == "fail"]
        self.assertEqual({finding["rule"] for finding in failed}, {"declared-ports"})
        self.assertTrue(all("162" in finding["reason"] for finding in failed), failed)

    def test_a_changed_byte_is_damage(self):
        for part in (".", "twin"):
            for name in SEALED[:4]:
                folder = copy_of(GOOD[1], "changed")
                with open(os.path.join(folder, part, name), "r+b") as file:
                    byte = file.read(1)
                    file.seek(0)
                    file.write(bytes([byte[0] ^ 1]))
                done, _ = judge(folder)
                self.assertEqual(done.returncode, HARNESS, (part, name))
                self.assertIn(name, done.stderr)

    def test_a_missing_file_is_damage_even_when_the_sums_do_not_know_it(self):
        for part in (".", "twin"):
            for name in SEALED + ("SHA256SUMS",):
                for renewed in (False, True):
                    if renewed and name == "SHA256SUMS":
                        continue
                    folder = os.path.normpath(os.path.join(copy_of(GOOD[1], "missing"), part))
                    os.remove(os.path.join(folder, name))
                    if renewed:
                        seal(folder)
                    done, _ = judge(path("missing", GOOD[1]))
                    self.assertEqual(done.returncode, HARNESS, (part, name, renewed))
                    self.assertIn(name, done.stderr)

    def test_a_missing_twin_is_damage(self):
        folder = copy_of(GOOD[1], "untwinned")
        shutil.rmtree(os.path.join(folder, "twin"))
        self.assertEqual(judge(folder)[0].returncode, HARNESS)

    def test_an_added_file_is_damage(self):
        folder = copy_of("dc.items", "added")
        with open(os.path.join(folder, "notes.txt"), "w", encoding="utf-8") as file:
            file.write("all is well")
        done, _ = judge(folder)
        self.assertEqual(done.returncode, HARNESS)
        self.assertIn("notes.txt", done.stderr)

    def test_a_journal_that_was_cut_off_is_damage(self):
        folder = copy_of("dc.items", "cut")
        name = os.path.join(folder, "journal.jsonl")
        with open(name, encoding="utf-8") as file:
            lines = file.readlines()
        for kept in (lines[:-1], lines[1:], lines[:5] + lines[6:], []):
            with open(name, "w", encoding="utf-8") as file:
                file.writelines(kept)
            seal(folder)
            done, _ = judge(folder)
            self.assertEqual(done.returncode, HARNESS, len(kept))

    def test_every_repeat_is_judged_again_and_the_worst_stands_for_the_scenario(self):
        done = ecsp("test", "--out", "repeated", "--repeat", "2", GOOD[1])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        repeats = result_of("repeated")["scenarios"][0]["repeats"]
        self.assertEqual(repeats["pass"], 2, repeats)
        second = path("repeated", GOOD[1], "repeat-2")
        self.assertTrue(os.path.isdir(os.path.join(second, "twin")))
        done, result = judge(path("repeated"))
        self.assertEqual((done.returncode, len(result["scenarios"])), (0, 1), done.stderr)

        def change(line):
            if line["kind"] == "agent.exit":
                line["code"] = 7
            return line["kind"] == "agent.exit"

        alter_lines(second, "journal.jsonl", change)
        for folder in (path("repeated"), path("repeated", GOOD[1])):
            done, result = judge(folder)
            self.assertEqual(done.returncode, FAIL, done.stderr)
            self.assertEqual(result["scenarios"][0]["folder"], f"{GOOD[1]}/repeat-2")
        os.remove(os.path.join(second, "twin", "journal.jsonl"))
        self.assertEqual(judge(path("repeated"))[0].returncode, HARNESS)

    def test_a_folder_without_evidence_is_a_mistake_of_the_call(self):
        os.makedirs(path("empty"), exist_ok=True)
        self.assertEqual(judge(path("empty"))[0].returncode, USAGE)
        self.assertEqual(judge(path("nowhere"))[0].returncode, USAGE)


class Reports(unittest.TestCase):
    def test_the_result_fits_its_schema(self):
        with open(os.path.join(SOURCE, "reports/result.schema.json"), encoding="utf-8") as file:
            jsonschema.Draft202012Validator(json.load(file)).validate(result_of("good"))

    def test_junit_is_xml(self):
        done = subprocess.run(["xmllint", "--noout", path("good", "junit.xml")], check=False,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_coverage_has_a_row_for_each_item_and_kind_of_agent(self):
        rows = list(csv.reader(read("good", "coverage.csv").splitlines()))
        self.assertEqual(rows[0], ["item", "agent", "verdict", "scenario", "evidence"])
        self.assertEqual(len(rows), 1 + 44 * 4)
        self.assertEqual(len({tuple(row[:2]) for row in rows}), len(rows))

    def test_the_report_opens_without_a_network(self):
        report = read("good", "report.html")
        for name in GOOD:
            self.assertIn(name, report)
        self.assertEqual(re.findall(r"""(?:src|href)\s*=\s*["']?(?:[a-z]+:)?//[^"'\s>]*""", report), [])
        self.assertNotIn("@import", report)

    def test_reports_are_drawn_again_from_the_result(self):
        done = ecsp("report", path("good", "result.json"), "--junit", path("again.xml"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(read("again.xml"), read("good", "junit.xml"))


class ExitCodes(unittest.TestCase):
    def check(self, code, *words, says=""):
        done = ecsp(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(says, done.stderr)
        return done

    def test_a_mistake_in_a_scenario_is_told_with_its_place(self):
        bad = write(scenario_text("bad").replace("within:", "withn:"), "bad.yaml")
        says = "bad.yaml:11:42: found 'withn', expected one of the known names: did you mean 'within'?"
        self.check(USAGE, "test", "--out", "bad", bad, says=says)
        self.check(USAGE, "lint", bad, says=says)
        self.assertFalse(os.path.exists(path("bad")))

    def test_what_is_not_known_is_a_mistake_of_the_call(self):
        self.check(USAGE, "test", "--out", "x", "dc.nothing", says="dc.nothing")
        self.check(USAGE, "test", "--out", "x", "--job", "2", says="did you mean '--jobs'?")
        self.check(USAGE, "test", "--out", "x", "--jobs", "none")
        self.check(USAGE, "test", "--out", "x", "--agent", "fax=/bin/true")
        self.check(USAGE, "test", "--out", "x", "--shard", "2/2", GOOD[0])
        self.check(USAGE, "selftest", "--out", "x", "nobody", says="expected the name of a faulty agent")
        self.check(USAGE, "test", "--out", "x", "--level", "most", GOOD[0])
        self.check(USAGE, "test", "--out", "x", "--baseline", path("none.yaml"), GOOD[0])
        self.check(USAGE, "tests")
        self.check(USAGE)

    def test_help_is_no_mistake(self):
        for words in (["--help"], ["--version"], ["test", "--help"], ["judge", "--help"],
                      ["report", "--help"], ["lint", "--help"], ["list", "--help"]):
            done = self.check(0, *words)
            self.assertTrue(done.stdout)

    def test_an_agent_that_cannot_be_started_is_no_verdict(self):
        plain = write("#!/bin/sh\nexit 0\n", "plain", mode=0o644)
        self.check(HARNESS, "test", "--out", "x", "--agent", "dc=/nowhere/agent", GOOD[0],
                   says="/nowhere/agent")
        self.check(HARNESS, "test", "--out", "x", "--agent", f"dc={plain}", GOOD[0], says="plain")

    def test_a_foreign_folder_is_not_touched(self):
        write("precious", "foreign", "thesis.txt")
        self.check(USAGE, "test", "--out", "foreign", "--agent", "dc=/bin/true", GOOD[0], says="foreign")
        self.assertEqual(os.listdir(path("foreign")), ["thesis.txt"])
        self.assertEqual(read("foreign", "thesis.txt"), "precious")

    def test_the_folder_of_an_earlier_run_is_emptied_and_nothing_behind_its_links(self):
        write("precious", "elsewhere", "thesis.txt")
        self.check(TOO_FEW, "test", "--out", "mine", "--agent", "pc=/bin/true", GOOD[0])
        write("old", "mine", "dc.old", "journal.jsonl")
        os.symlink(path("elsewhere"), path("mine", "link"))
        self.check(TOO_FEW, "test", "--out", "mine", "--agent", "pc=/bin/true", GOOD[0])
        self.assertFalse(os.path.lexists(path("mine", "dc.old")))
        self.assertFalse(os.path.lexists(path("mine", "link")))
        self.assertEqual(read("elsewhere", "thesis.txt"), "precious")

    def test_too_few_cases_are_not_green(self):
        self.check(TOO_FEW, "test", "--out", "few", "--min-cases", "99", "dc.designated",
                   says="1 cases ran, at least 99 were expected")

    def test_shards_cover_everything_once(self):
        mine = {}
        for shard in ("0/2", "1/2"):
            # With a program for a kind that no scenario is about nothing runs; why tells the shard.
            self.check(TOO_FEW, "test", "--out", "shard", "--shard", shard, "--agent", "pc=/bin/true")
            for row in result_of("shard")["run"]["notRun"]:
                if row["reason"] != "belongs to another shard":
                    mine.setdefault(row["id"], []).append(shard)
        listed = {row["id"] for row in json.loads(ecsp("list", "scenarios", "--json").stdout)}
        self.assertEqual(set(mine), listed)
        self.assertTrue(all(len(shards) == 1 for shards in mine.values()))
        self.assertGreater(len(listed), 40)

    def baseline(self, verdict, until="2199-12-31", scenario=GOOD[0]):
        return write("format: ecsp-baseline/1\nexpected:\n"
                     f"  - {{scenario: {scenario}, verdict: {verdict}, reason: known, owner: us, "
                     f"until: {until}}}\n", "baseline.yaml")

    def test_a_baseline_accepts_what_it_names_and_nothing_else(self):
        idle = ("test", "--out", "known", "--agent", "dc=/bin/true", "--baseline")
        verdict = None
        for _ in range(2):
            self.check(FAIL, *idle, self.baseline("warn"), GOOD[0])
            verdict = result_of("known")["scenarios"][0]["verdict"]
        self.check(0, *idle, self.baseline(verdict), GOOD[0])
        self.check(FAIL, *idle, self.baseline(verdict, until="2020-01-01"), GOOD[0])
        self.check(DRIFT, "test", "--out", "known", "--baseline", self.baseline("fail", scenario="dc.designated"),
                   "dc.designated")
        self.check(USAGE, *idle, self.baseline("bad"), GOOD[0], says="baseline.yaml:3:")


class Replay(unittest.TestCase):
    """Days of a fleet in virtual time."""
    GROUPS = ("{name: desk, profile: sc-t-24, address: 10.16.0.1, count: 4, day: {jobsPerDay: 30}}",
              "{name: line, profile: cw-label, address: 10.17.0.1, count: 2, day: {jobsPerDay: 60}}")

    def replay(self, name, groups, *words):
        fleet = write("format: ecsp-fleet/1\ncloud: false\nprinters:\n" +
                      "".join(f"  - {group}\n" for group in groups), "fleets", f"{name}.yaml")
        done = ecsp("replay", fleet, "--truth", path(f"{name}.jsonl"), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        ledger = read(f"{name}.jsonl")
        told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
        self.assertEqual(told["sha256"], hashlib.sha256(ledger.encode()).hexdigest())
        self.assertEqual(int(told["lines"]), ledger.count("\n"))
        return told["sha256"], [line for line in ledger.splitlines() if '"device":"desk-3"' in line]

    def test_one_seed_gives_one_ledger_and_another_seed_another(self):
        first, again = (self.replay(name, self.GROUPS)[0] for name in ("first", "again"))
        other = self.replay("other", self.GROUPS, "--seed", "2")[0]
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_the_company_of_a_printer_does_not_change_its_lines(self):
        alone = self.replay("alone", self.GROUPS[:1])[1]
        self.assertGreater(len(alone), 40)
        self.assertEqual(alone, self.replay("turned", self.GROUPS[::-1])[1])

    def test_what_cannot_be_is_a_mistake_of_the_call(self):
        fleet = os.path.join(SOURCE, "scenarios", "fleets", "office.yaml")
        for words in (("--start", "tomorrow"), ("--hours", "0"), ("--truth", path("no", "such", "folder")),
                      ("--truth", "/dev/full"), (fleet,)):
            done = ecsp("replay", fleet, *words)
            self.assertEqual(done.returncode, USAGE, f"{words}: {done.stdout}{done.stderr}")
            self.assertTrue(done.stderr.startswith("ecsp replay: "), done.stderr)


class Idle(unittest.TestCase):
    """An agent that does nothing has nothing to its credit."""

    def check(self, name, command):
        ecsp("test", "--out", name, "--jobs", "4", "--agent", f"dc={command}", "dc.items", "dc.command.status",
             "dc.tls.https-expired", "dc.refused", "es.items")
        result = result_of(name)
        self.assertEqual(len(result["scenarios"]), 4)
        passed = [finding for finding in findings_of(result) if finding[1]["verdict"] == "pass"]
        self.assertEqual(passed, [])
        self.assertEqual([row["id"] for row in result["run"]["notRun"]], ["es.items"])
        self.assertEqual(result["summary"]["not run"], 1)
        cells = [cell for row in result["items"] for cell in row["cells"]]
        self.assertFalse([cell for cell in cells if cell["verdict"] == "pass"])

    def test_an_agent_that_ends_at_once_passes_nothing(self):
        self.check("true", "/bin/true")

    def test_an_agent_that_sleeps_passes_nothing(self):
        self.check("sleep", "/bin/sleep 60")


HOSTILE = {
    "talks": "#!/bin/sh\nexec yes 'a line that fills the log'\n",
    "ends": "#!/bin/sh\nexit 1\n",
    "stays": "#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do sleep 1; done\n",
    "forks": "#!/bin/sh\n(setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 1; done' &)\nexit 0\n",
    "fills": "#!/bin/sh\ndd if=/dev/zero of=\"$ECSP_STATE/full\" bs=1M count=4096\nsleep 60\n",
    "spawns": "#!/bin/sh\nwhile :; do sleep 60 & done\n",
}


class Hostile(unittest.TestCase):
    """Whatever the program under test does, the run ends in time with a verdict."""

    def run_one(self, name):
        program = write(HOSTILE[name], "hostile", f"{name}-{os.getpid()}", mode=0o755)
        scenario = write(scenario_text(name), "hostile", f"{name}.yaml")
        return ecsp("test", "--out", f"hostile-{name}", "--agent", f"dc={program}", scenario)

    def survivors(self):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read()
            except OSError:
                continue
            if path("hostile").encode() + b"/" in words and b".yaml" not in words:
                found.append(words)
        return found

    def test_each_is_ended_and_judged(self):
        with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
            done = dict(zip(HOSTILE, pool.map(self.run_one, HOSTILE)))
        for name, run in done.items():
            with self.subTest(name):
                result = result_of(f"hostile-{name}")
                self.assertIn(run.returncode, (FAIL, INCONCLUSIVE), run.stdout + run.stderr)
                self.assertNotIn("pass", [finding["verdict"] for _, finding in findings_of(result)])
                self.assertNotEqual(result["scenarios"][0]["verdict"], "error", run.stdout)
                self.assertLess(result["run"]["seconds"], 50)  # left alone, most never would
                self.assertLess(os.path.getsize(path(f"hostile-{name}", f"t.{name}", "agent.log")), 32 << 20)
                self.assertEqual(judge(path(f"hostile-{name}"))[0].returncode, run.returncode)
        self.assertEqual(self.survivors(), [])


class Refused(unittest.TestCase):
    """Where no world can be made, nothing is run, and the cure is told."""

    def check(self, refuse, *says):
        as_user = "unshare --user --map-user=1000 --map-group=1000"
        script = f'{refuse} && exec {as_user} "$0" test --out refused {GOOD[0]}'
        done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork",
                               "--mount-proc", "sh", "-c", script, ECSP], cwd=FOLDER, text=True,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, HARNESS, done.stdout + done.stderr)
        for words in says:
            self.assertIn(words, done.stderr)

    def test_no_user_namespace_is_left(self):
        self.check("echo 1 > /proc/sys/user/max_user_namespaces", "sysctl -w user.max_user_namespaces=")

    def test_the_tunnel_device_is_missing(self):
        self.check("mount -t tmpfs none /dev/net", "`--device /dev/net/tun`", "modprobe tun")

    def test_the_tunnel_device_is_another_one(self):
        self.check("mount --bind /dev/null /dev/net/tun", "`--device /dev/net/tun`", "not the real one")

    def test_a_container_hides_parts_of_proc(self):
        self.check("mount --bind /dev/null /proc/keys", "systempaths=unconfined", "unmask=ALL")

    def test_the_settings_of_the_kernel_are_read_only(self):
        self.check("mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys",
                   "/proc/sys is read-only", "systempaths=unconfined")


class Foreign(unittest.TestCase):
    """An agent that shares no line with ours gets what it deserves, item by item."""

    SENT = {"D02", "D03", "D04", "D07"} | {f"A0{n}" for n in range(1, 10)}

    def test_an_agent_in_bash_is_judged_by_what_it_sends(self):
        scenario = write(scenario_text("foreign", "20s", "15s"), "foreign.yaml")
        done = ecsp("test", "--out", path("bash"), "--agent", "dc=bash conformance/foreign-agent.sh", scenario,
                    cwd=SOURCE)
        self.assertEqual(done.returncode, FAIL, done.stdout + done.stderr)
        verdict_of, others = {}, set()
        for _, finding in findings_of(result_of("bash")):
            for item in finding.get("items", []):
                verdict_of[item] = finding["verdict"]
            if not finding.get("items"):
                others.add((finding["rule"], finding["verdict"]))
        self.assertEqual({item for item, verdict in verdict_of.items() if verdict == "pass"}, self.SENT)
        self.assertEqual({item for item, verdict in verdict_of.items() if verdict == "fail"},
                         {f"D{n:02}" for n in range(1, 24)} - self.SENT)
        self.assertEqual({verdict for _, verdict in others}, {"pass"}, others)


class Scenarios(unittest.TestCase):
    """The loader, the schema and the documentation say the same."""

    def schema(self):
        schema = json.loads(ecsp("lint", "--schema", "scenario").stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def test_every_scenario_is_sound_and_fits_the_schema(self):
        folder = os.path.join(SOURCE, "scenarios")
        done = ecsp("lint", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        validator, fitting = self.schema(), set()
        for root, _, files in os.walk(folder):
            for name in (name for name in files if name.endswith(".yaml")):
                with open(os.path.join(root, name), encoding="utf-8") as file:
                    scenario = yaml.safe_load(file)
                if scenario["format"].startswith("ecsp-scenario/"):
                    self.assertEqual(list(validator.iter_errors(scenario)), [], name)
                    fitting.add(scenario["id"])
        listed = {row["id"] for row in json.loads(ecsp("list", "scenarios", "--json").stdout)}
        self.assertEqual(fitting, listed)

    def test_the_schema_refuses_what_the_loader_refuses(self):
        validator = self.schema()
        good = yaml.safe_load(scenario_text("schema"))
        self.assertEqual(list(validator.iter_errors(good)), [])
        slips = [("agent", "fax"), ("deadline", 5), ("printers", []), ("unknown", 1),
                 ("steps", [{"observ": {"for": "1s"}}]), ("steps", [{"wait": {"for": "x"}}]),
                 ("expect", [{"seen": {"for": "x", "withn": "1s"}, "requirement": "COL-1"}]),
                 ("twin", {"steps": []})]
        for key, value in slips:
            with self.subTest(f"{key}: {value}"):
                bad = dict(good, **{key: value})
                self.assertNotEqual(list(validator.iter_errors(bad)), [])
                name = write(yaml.safe_dump(bad, sort_keys=False), "slip.yaml")
                self.assertEqual(ecsp("lint", name).returncode, USAGE)

    def test_profiles_fit_their_schema(self):
        schema = json.loads(ecsp("lint", "--schema", "profile").stdout)
        folder = os.path.join(SOURCE, "sim/printer/profiles")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                errors = list(jsonschema.Draft202012Validator(schema).iter_errors(yaml.safe_load(file)))
            self.assertEqual(errors, [], name)
        self.assertEqual(ecsp("lint", "--schema", "poem").returncode, USAGE)

    def test_every_example_of_the_documentation_is_sound(self):
        with open(os.path.join(SOURCE, "docs/scenario-format.md"), encoding="utf-8") as file:
            page = file.read()
        blocks = re.findall(r"^```yaml\n(format:.*?)^```", page, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(blocks), 3)
        for number, block in enumerate(blocks):
            name = write(block, f"example-{number}.yaml")
            done = ecsp("lint", name)
            self.assertEqual(done.returncode, 0, block + done.stderr)
        for part in ("steps", "expect"):
            schema = json.loads(ecsp("lint", "--schema", "scenario").stdout)
            for kind in schema["properties"][part]["items"]["properties"]:
                self.assertTrue(any(re.search(rf"\b{kind}:", block) for block in blocks), kind)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
