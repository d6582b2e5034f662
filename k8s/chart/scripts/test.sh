# The main job, as a user has it done: an image is made, uploaded, downloaded and compared; another one is staged, and a worker imports it.
# Needs API, the address of the API; and, if it asks who calls, KEYSTONE_URL, KEYSTONE_USERNAME, KEYSTONE_PASSWORD, KEYSTONE_PROJECT.
set -eu
work=$(mktemp -d)
images=
token=

call() {
  curl -sS --fail-with-body --insecure --max-time 300 -H "X-Auth-Token: $token" "$@"
}

clean_up() {
  for image in $images; do call -X DELETE "$API/v2/images/$image" || true; done
  rm -rf "$work"
}
trap clean_up EXIT

log_in() {
  token=$(curl -sS --fail-with-body ${CA_FILE:+--cacert "$CA_FILE"} --max-time 60 -D - -o /dev/null -H 'Content-Type: application/json' \
    "$KEYSTONE_URL/auth/tokens" -d @- <<REQUEST | tr -d '\r' | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: //p'
{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "$KEYSTONE_USERNAME", "domain": {"name": "Default"},
 "password": "$KEYSTONE_PASSWORD"}}}, "scope": {"project": {"name": "$KEYSTONE_PROJECT", "domain": {"name": "Default"}}}}}
REQUEST
  )
  [ -n "$token" ]
}

create() {
  image=$(call -H 'Content-Type: application/json' "$API/v2/images" \
    -d '{"name": "helm-test", "disk_format": "raw", "container_format": "bare"}' | sed 's/.*"id": *"\([^"]*\)".*/\1/')
  images="$images $image"
}

status() {
  call "$API/v2/images/$image" | sed 's/.*"status": *"\([^"]*\)".*/\1/'
}

compare() {
  call -o "$work/copy" "$API/v2/images/$image/file"
  cmp "$work/data" "$work/copy"
}

[ -z "${KEYSTONE_URL:-}" ] || log_in
dd if=/dev/urandom of="$work/data" bs=65536 count=64 2>/dev/null

create
call -T "$work/data" -H 'Content-Type: application/octet-stream' "$API/v2/images/$image/file"
compare
echo "uploaded and downloaded: $image"

create
call -T "$work/data" -H 'Content-Type: application/octet-stream' "$API/v2/images/$image/stage"
call -H 'Content-Type: application/json' "$API/v2/images/$image/import" -d '{"method": {"name": "glance-direct"}}'
tries=0
until [ "$(status)" = active ]; do
  tries=$((tries + 1))
  [ $tries -lt 120 ] || { echo "not imported after 2 minutes: $image is $(status)" >&2; exit 1; }
  sleep 1
done
compare
echo "staged, imported and downloaded: $image"
