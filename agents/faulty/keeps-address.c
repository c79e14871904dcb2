/* keeps-address: asks the name server once, and goes to that address for ever. Wraps libcurl's
 * entrance. */
#include <curl/curl.h>

CURLMcode __real_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode __wrap_curl_multi_add_handle(CURLM *multi, CURL *easy);

CURLMcode __wrap_curl_multi_add_handle(CURLM *multi, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
	return __real_curl_multi_add_handle(multi, easy);
}
