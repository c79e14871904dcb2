/* Any bytes are a stream that is TLS up to some offset, which is never beyond its end. */
#include "conformance/tlsrecord.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls_stream stream;
	tls_stream_read(&stream, data, size);
	if (stream.inside > size || (!stream.why && stream.inside != size))
		abort();
	if (stream.client_hello_end > stream.inside)
		abort();
	return 0;
}
