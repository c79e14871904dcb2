/* ecsp-es-agent: reports its own device to the ECSP server. */
#include "agents/common/program.h"
#include "agents/es/es.h"

int main(int argc, char **argv)
{
	return program_run(argc, argv, &es_kind);
}
