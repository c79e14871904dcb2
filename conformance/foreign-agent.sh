#!/bin/bash
# An agent that shares nothing with ours: bash, curl and snmpget, written from docs/agent-contract.md and
# ecsp/README.md alone. It reports what one SNMP question gives and leaves out all the rest, so that an honest
# judge passes the items it sends and fails those it does not. It speaks no ENPC and no MQTT.
set -u
export MIBS='' MIBDIRS=/nowhere SNMP_PERSISTENT_DIR=$ECSP_STATE SNMPCONFPATH=$ECSP_STATE HOME=$ECSP_STATE
device=1.3.6.1.4.1.1248.1.2.2
extension=1.3.6.1.4.1.32473.1
version=foreign-1
trap 'stop=1' TERM
stop=

say() { printf 'foreign-agent: %s\n' "$*" >&2; }

now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }

text() { local t=${1//\\/\\\\}; printf '"%s"' "${t//\"/\\\"}"; }

ask() { # ADDRESS OID: the bare value
	snmpget -v1 -c "$ECSP_COMMUNITY" -t 1 -r 1 -Oqv "$1" "$2" 2>/dev/null | tr -d '"'
}

call() { # METHOD PATH BODY [HEADER]
	curl -sS --tlsv1.2 --fail --max-time 5 --cacert "$ECSP_CA" --user "$ECSP_ID:$ECSP_SECRET" --request "$1" \
		--header 'Content-Type: application/json' ${4:+--header "$4"} --data-binary "$3" "$ECSP_API$2"
}

host() {
	printf '"hostname":%s,"os":%s,"osVersion":%s,"osProductType":"server"' \
		"$(text "$(uname -n)")" "$(text "$(uname -s)")" "$(text "$(uname -r)")"
}

identity() { printf '"id":%s,"type":"dc","version":"%s"' "$(text "$ECSP_ID")" "$version"; }

record() { # ADDRESS
	local model serial region
	model=$(ask "$1" $device.1.1.1.2.1) || return
	serial=$(ask "$1" $device.1.1.1.5.1) || return
	region=$(ask "$1" $extension.1.1.0) || return
	printf '{"record":"%s","acquired":"%s","model":%s,"serial":%s,"region":%s}' "$ECSP_ID-$(date +%s%N)" "$(now)" \
		"$(text "$model")" "$(text "$serial")" "$(text "$region")"
}

upload() {
	local records='' one address
	for address in $ECSP_TARGETS; do
		one=$(record "$address") || { say "$address does not answer"; continue; }
		records+=${records:+,}$one
	done
	[ "$records" ] || return
	call POST "/v1/agents/$ECSP_ID/records" \
		"{\"agent\":{$(identity),\"collection\":\"scheduled\",\"sent\":\"$(now)\",$(host)},\"records\":[$records]}" \
		"Idempotency-Key: $ECSP_ID-$(date +%s%N)"
}

curl -sS --tlsv1.2 --fail --max-time 5 --cacert "$ECSP_CA" --output "$ECSP_STATE/mqtt.pem" "$ECSP_API/v1/certificate" ||
	say 'no certificate'
until call PUT "/v1/agents/$ECSP_ID" "{\"agent\":{$(identity),$(host)}}" >/dev/null || [ "$stop" ]; do
	read -rt 0.5 <> <(:)
done
while [ ! "$stop" ]; do
	upload >/dev/null || say 'no upload'
	read -rt 0.5 <> <(:)
done
exit 0
