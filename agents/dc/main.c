/* ecsp-dc-agent: collects from designated printers on the network for the ECSP server. */
#include "agents/common/program.h"
#include "agents/dc/dc.h"

int main(int argc, char **argv)
{
	return program_run(argc, argv, &dc_kind);
}
