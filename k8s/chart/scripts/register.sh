# Registers the image service in Keystone: the service, its account with a role in the service project, and its endpoints. It may run any
# number of times: what is right stays, an endpoint with another URL gets this one, and an account that is there keeps its password.
# Needs an administrator's variables OS_…, SERVICE_NAME, _REGION, _PROJECT, _ROLE, _USERNAME, _PASSWORD, and ENDPOINT_PUBLIC, _INTERNAL, _ADMIN.
set -eu

service=$(openstack service list -f value -c ID -c Type | sed -n 's/ image$//p' | head -n 1)
[ -n "$service" ] || service=$(openstack service create --name "$SERVICE_NAME" --description "Images" -f value -c id image)
echo "service $service"

domain=${SERVICE_DOMAIN:-Default}
openstack project show --domain "$domain" "$SERVICE_PROJECT" >/dev/null 2>&1 || openstack project create --domain "$domain" "$SERVICE_PROJECT" >/dev/null
openstack user show --domain "$domain" "$SERVICE_USERNAME" >/dev/null 2>&1 ||
  openstack user create --domain "$domain" --password "$SERVICE_PASSWORD" "$SERVICE_USERNAME" >/dev/null
openstack role add --user "$SERVICE_USERNAME" --user-domain "$domain" --project "$SERVICE_PROJECT" --project-domain "$domain" "$SERVICE_ROLE"
echo "user $SERVICE_USERNAME with the role $SERVICE_ROLE in $SERVICE_PROJECT"

endpoint() {
  [ -n "$2" ] || return 0
  found=$(openstack endpoint list --service "$service" --interface "$1" --region "$SERVICE_REGION" -f value -c ID -c URL | head -n 1)
  case $found in
    "") openstack endpoint create --region "$SERVICE_REGION" "$service" "$1" "$2" >/dev/null ;;
    *" $2") ;;
    *) openstack endpoint set --url "$2" "${found%% *}" ;;
  esac
  echo "endpoint $1 $2"
}
endpoint public "${ENDPOINT_PUBLIC:-}"
endpoint internal "${ENDPOINT_INTERNAL:-}"
endpoint admin "${ENDPOINT_ADMIN:-}"
