#!/usr/bin/env bash
# Deploys Sluice with gcloud, as infra/terraform does in its minimal shape. It can be run again: what is there stays, and is
# brought up to date where gcloud can do so.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: infra/gcloud/deploy.sh --project ID --region REGION --log-origin NAME --policy FILE [options]

Deploys Sluice to Google Cloud: accounts, databases, keys, topics, functions and schedules. Metrics, alerts, the dashboard and
what examples/hardened has are in infra/terraform only.

  --project ID           the Google Cloud project; best one of its own
  --region REGION        where everything runs and is kept, such as europe-west3
  --log-origin NAME      the name of the log, which never changes: host and path, such as sluice.acme.example/log
  --policy FILE          the policy file
  --artifacts DIR        what `npm run build` wrote (default: dist)
  --name NAME            prefix of everything that is made (default: sluice)
  --connection ACCOUNT   a service account that the policy's connections impersonate; may be given several times
  --public FUNCTION      gateway, console or slack: anybody may call it, and Sluice verifies them; may be given several times
  --slack                deploy the function slack, and its secrets
  --dry-run              print every command, run none
  --help                 this

Exit codes: 0 done, 1 a command failed, 2 wrong usage.
USAGE
}

wrong() {
  printf 'error: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

project='' region='' log_origin='' policy='' artifacts=dist name=sluice slack='' dry_run=''
connections=() public=()
while [ $# -gt 0 ]; do
  case $1 in
    --project | --region | --log-origin | --policy | --artifacts | --name | --connection | --public)
      [ $# -ge 2 ] || wrong "$1 needs a value"
      case $1 in
        --project) project=$2 ;;
        --region) region=$2 ;;
        --log-origin) log_origin=$2 ;;
        --policy) policy=$2 ;;
        --artifacts) artifacts=$2 ;;
        --name) name=$2 ;;
        --connection) connections+=("$2") ;;
        --public)
          case $2 in gateway | console | slack) ;; *) wrong "--public is gateway, console or slack, and not $2" ;; esac
          public+=("$2")
          ;;
      esac
      shift 2
      ;;
    --slack) slack=yes && shift ;;
    --dry-run) dry_run=yes && shift ;;
    --help) usage && exit 0 ;;
    *) wrong "unknown option $1" ;;
  esac
done
[[ $project =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || wrong '--project is the id of a project'
[[ $region =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || wrong '--region is a region, such as europe-west3'
[[ $log_origin =~ ^[a-z0-9.-]+(/[a-z0-9._/-]*[a-z0-9])?$ ]] || wrong '--log-origin is host and path, such as sluice.acme.example/log'
[[ $name =~ ^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$ ]] || wrong '--name is up to 12 lower-case letters, digits and hyphens'
[ -f "$policy" ] || wrong '--policy names no file'
[ -d "$artifacts/gateway" ] || wrong "$artifacts has no function: run \`npm run build\` first"

here=$(cd "$(dirname "$0")" && pwd)
functions=(gateway console approval-notifier approval-resolver sweeper log-publisher retainer reconciler)
[ -z "$slack" ] || functions+=(slack)

# Prints a command as it could be pasted, and runs it unless this is a rehearsal.
run() {
  printf '+'
  printf ' %q' "$@"
  printf '\n'
  [ -n "$dry_run" ] || "$@"
}
# Whether something is there already; in a rehearsal nothing is.
exists() { [ -z "$dry_run" ] && "$@" >/dev/null 2>&1; }
gc() { run gcloud "$@" --project="$project" --quiet; }
there() { exists gcloud "$@" --project="$project" --quiet; }
step() { printf '\n# %s\n' "$1"; }
account() { printf '%s-%s@%s.iam.gserviceaccount.com' "$name" "$1" "$project"; }
role() { printf 'projects/%s/roles/%s_%s' "$project" "${name//-/_}" "$1"; }
own_url() { printf 'https://%s-%s.cloudfunctions.net/%s-%s' "$region" "$project" "$name" "$1"; }
# Its pages begin at the root of a host: Cloud Run's own address of the function.
number=PROJECT_NUMBER
[ -n "$dry_run" ] || number=$(gcloud projects describe "$project" --format='value(projectNumber)')
console_url=https://$name-console-$number.$region.run.app

step 'Services'
gc services enable artifactregistry.googleapis.com bigquery.googleapis.com cloudbuild.googleapis.com \
  cloudfunctions.googleapis.com cloudkms.googleapis.com cloudscheduler.googleapis.com firestore.googleapis.com \
  iam.googleapis.com iamcredentials.googleapis.com logging.googleapis.com pubsub.googleapis.com run.googleapis.com \
  secretmanager.googleapis.com storage.googleapis.com

step 'An account for each function, one that calls them, and one that builds them'
for each in "${functions[@]}" push build; do
  there iam service-accounts describe "$(account "$each")" ||
    gc iam service-accounts create "$name-$each" --display-name="Sluice $each"
done
for each in roles/logging.logWriter roles/artifactregistry.writer roles/storage.objectViewer; do
  gc projects add-iam-policy-binding "$project" --member="serviceAccount:$(account build)" --role="$each" --condition=None
done

step 'Roles: entries are created and read; the retainer alone deletes'
look_up=datastore.databases.get,datastore.databases.getMetadata,datastore.entities.get
read_listed=$look_up,datastore.entities.list
make_role() {
  if there iam roles describe "${name//-/_}_$1"; then
    gc iam roles update "${name//-/_}_$1" --permissions="$3"
  else
    gc iam roles create "${name//-/_}_$1" --title="$2" --permissions="$3"
  fi
}
make_role entry_creator 'Sluice entry creator' "$look_up,datastore.entities.create"
make_role entry_writer 'Sluice entry writer' "$read_listed,datastore.entities.create"
make_role entry_retainer 'Sluice entry retainer' "$read_listed,datastore.entities.create,datastore.entities.delete"
make_role operator 'Sluice operator' "$read_listed,datastore.entities.create,datastore.entities.update"
make_role index_keeper 'Sluice index keeper' "$read_listed,datastore.entities.create,datastore.entities.update,datastore.entities.delete"
make_role log_publisher 'Sluice log publisher' storage.objects.create,storage.objects.get,storage.objects.list,storage.objects.setRetention
make_role log_remover 'Sluice log remover' storage.objects.delete

step 'Databases: entries apart from everything else'
for each in entries operations; do
  there firestore databases describe --database="$name-$each" ||
    gc firestore databases create --database="$name-$each" --location="$region" --type=firestore-native \
      --delete-protection --enable-pitr
done
# Firestore's own word on whether an index is there is its refusal.
make_index() {
  local said
  printf '+'
  printf ' %q' gcloud "$@" --project="$project" --quiet
  printf '\n'
  [ -z "$dry_run" ] || return 0
  said=$(gcloud "$@" --project="$project" --quiet 2>&1) || case $said in
    *ALREADY_EXISTS* | *'already exists'*) ;;
    *) printf '%s\n' "$said" >&2 && return 1 ;;
  esac
}
while IFS=$'\t' read -r database collection fields; do
  config=()
  for field in $fields; do config+=("--field-config=$field"); done
  make_index firestore indexes composite create --database="$name-$database" --collection-group="$collection" \
    --query-scope=collection "${config[@]}" --async
done < <(node "$here/firestore-indexes.mjs" indexes)
while IFS=$'\t' read -r database collection field ttl; do
  gc firestore indexes fields update "$field" --database="$name-$database" --collection-group="$collection" \
    --disable-indexes --async
  [ "$ttl" != ttl ] ||
    gc firestore fields ttls update "$field" --database="$name-$database" --collection-group="$collection" --enable-ttl --async
done < <(node "$here/firestore-indexes.mjs" exempt)
# Whether a command has anything to say; in a rehearsal it has not.
says() { [ -z "$dry_run" ] && [ -n "$(gcloud "$@" --project="$project" --quiet)" ]; }
for each in entries operations; do
  says firestore backups schedules list --database="$name-$each" --format='value(name)' ||
    gc firestore backups schedules create --database="$name-$each" --recurrence=daily --retention=14d
done
# Leave for one database, and for no other.
grant_database() {
  gc projects add-iam-policy-binding "$project" --member="serviceAccount:$(account "$1")" --role="$(role "$2")" \
    --condition="title=$3 only,expression=resource.name == \"projects/$project/databases/$name-$3\""
}
for each in gateway approval-notifier approval-resolver; do grant_database "$each" entry_creator entries; done
for each in sweeper log-publisher reconciler console; do grant_database "$each" entry_writer entries; done
grant_database retainer entry_retainer entries
for each in "${functions[@]}"; do
  if [ "$each" = retainer ]; then grant_database "$each" index_keeper operations; else grant_database "$each" operator operations; fi
done

step 'Keys of the record'
there kms keyrings describe "$name" --location="$region" || gc kms keyrings create "$name" --location="$region"
make_key() {
  local key=$1
  shift
  there kms keys describe "$key" --keyring="$name" --location="$region" ||
    gc kms keys create "$key" --keyring="$name" --location="$region" --destroy-scheduled-duration=30d "$@"
}
make_key log-ed25519 --purpose=asymmetric-signing --default-algorithm=ec-sign-ed25519 --protection-level=software
make_key log-p256 --purpose=asymmetric-signing --default-algorithm=ec-sign-p256-sha256 --protection-level=hsm
make_key writer-authority --purpose=asymmetric-signing --default-algorithm=ec-sign-p256-sha256 --protection-level=hsm
make_key session-secrets --purpose=encryption --protection-level=hsm --rotation-period=90d --next-rotation-time=P90D
make_key digest --purpose=mac --default-algorithm=hmac-sha256 --protection-level=hsm
grant_key() {
  gc kms keys add-iam-policy-binding "$1" --keyring="$name" --location="$region" \
    --member="serviceAccount:$(account "$2")" --role="$3"
}
for each in "${functions[@]}"; do
  # Slack's function reads who certifies writers, as all do, and never is one.
  if [ "$each" = slack ]; then grant_key writer-authority slack roles/cloudkms.publicKeyViewer; else
    grant_key writer-authority "$each" roles/cloudkms.signerVerifier
  fi
  grant_key digest "$each" roles/cloudkms.signer
done
for each in gateway console; do grant_key session-secrets "$each" roles/cloudkms.cryptoKeyEncrypterDecrypter; done
for key in log-ed25519 log-p256; do
  grant_key "$key" log-publisher roles/cloudkms.signerVerifier
  for each in console retainer; do grant_key "$key" "$each" roles/cloudkms.publicKeyViewer; done
done

step 'The bucket of the log'
bucket=gs://$project-$name-log
there storage buckets describe "$bucket" ||
  gc storage buckets create "$bucket" --location="$region" --uniform-bucket-level-access --public-access-prevention \
    --enable-per-object-retention
gc storage buckets update "$bucket" --versioning --soft-delete-duration=30d --lifecycle-file="$here/log-lifecycle.json"
grant_bucket() {
  local who=$1 what=$2
  shift 2
  gc storage buckets add-iam-policy-binding "$bucket" --member="serviceAccount:$(account "$who")" --role="$what" "$@"
}
grant_bucket log-publisher "$(role log_publisher)" --condition=None
for each in console retainer; do grant_bucket "$each" roles/storage.objectViewer --condition=None; done
# To replace an object is to delete it. Nobody deletes a tile, a manifest or a former checkpoint.
objects=projects/_/buckets/$project-$name-log/objects
grant_bucket log-publisher "$(role log_remover)" \
  --condition="title=log-publisher only,expression=resource.name == \"$objects/checkpoint\" || resource.name.startsWith(\"$objects/staging/\")"
grant_bucket retainer "$(role log_remover)" \
  --condition="title=retainer only,expression=resource.name.startsWith(\"$objects/archive/\")"

step 'Secrets'
make_secret() {
  there secrets describe "$name-$1" ||
    gc secrets create "$name-$1" --replication-policy=user-managed --locations="$region"
}
grant_secret() {
  gc secrets add-iam-policy-binding "$name-$1" --member="serviceAccount:$(account "$2")" --role=roles/secretmanager.secretAccessor
}
make_secret policy
if [ -n "$dry_run" ] || ! gcloud secrets versions access latest --secret="$name-policy" --project="$project" --quiet 2>/dev/null | cmp --silent - "$policy"; then
  gc secrets versions add "$name-policy" --data-file="$policy"
fi
make_secret signing-key
for each in "${functions[@]}"; do grant_secret policy "$each"; done
# Who can read it can be anybody.
for each in gateway console; do grant_secret signing-key "$each"; done
if [ -n "$slack" ]; then
  make_secret slack-token
  make_secret slack-signing-secret
  for each in approval-notifier approval-resolver slack; do grant_secret slack-token "$each"; done
  grant_secret slack-signing-secret slack
fi

step 'Topics, each with one for what cannot be delivered'
for topic in approval-requests approval-decisions; do
  for each in "$topic" "$topic-dead-letter"; do
    there pubsub topics describe "$each" || gc pubsub topics create "$each" --message-storage-policy-allowed-regions="$region"
  done
done
grant_topic() {
  gc pubsub topics add-iam-policy-binding "$1" --member="serviceAccount:$(account "$2")" --role=roles/pubsub.publisher
}
for each in gateway approval-resolver sweeper console; do grant_topic approval-requests "$each"; done
for each in gateway console ${slack:+slack}; do grant_topic approval-decisions "$each"; done

agent=serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com
for topic in approval-requests approval-decisions; do
  gc pubsub topics add-iam-policy-binding "$topic-dead-letter" --member="$agent" --role=roles/pubsub.publisher
done
# So that Pub/Sub can sign as the push account.
gc iam service-accounts add-iam-policy-binding "$(account push)" --member="$agent" --role=roles/iam.serviceAccountTokenCreator

step 'Leave to act as the accounts of the connections'
for connection in ${connections[@]+"${connections[@]}"}; do
  for each in gateway approval-resolver sweeper reconciler console; do
    gc iam service-accounts add-iam-policy-binding "$connection" --member="serviceAccount:$(account "$each")" \
      --role=roles/iam.serviceAccountTokenCreator
  done
done

step 'Functions'
deploy() {
  local each=$1 memory=$2 concurrency=$3 timeout=$4 most=$5 extra=$6
  local env
  # What was compiled when the function was built, for the framework too: it is loaded before anything of ours.
  env="NODE_COMPILE_CACHE=/workspace/.compile-cache,NODE_COMPILE_CACHE_PORTABLE=1,SLUICE_POLICY=/policy/policy.yaml,SLUICE_URL=$(own_url gateway),SLUICE_CONSOLE_URL=$console_url"
  env+=",SLUICE_STORE=firestore:$project/$name-entries/$name-operations"
  env+=",GOOGLE_CLOUD_PROJECT=$project"
  env+=",SLUICE_RECORD_KEYS=kms:projects/$project/locations/$region/keyRings/$name"
  env+=",SLUICE_LOG=$log_origin,SLUICE_PUBSUB_PROJECT=$project,SLUICE_PROXY_HOPS=1"
  env+=",SLUICE_REQUEST_TIMEOUT_SECONDS=$timeout$extra"
  local ingress=internal-only access=--no-allow-unauthenticated
  if [[ " ${public[*]-} " == *" $each "* ]]; then ingress=all access=--allow-unauthenticated; fi
  gc functions deploy "$name-$each" --gen2 --region="$region" --runtime=nodejs24 --entry-point="$each" \
    --source="$artifacts/$each" --trigger-http "$access" --ingress-settings="$ingress" \
    --service-account="$(account "$each")" --build-service-account="projects/$project/serviceAccounts/$(account build)" \
    --memory="$memory" --cpu=1 --concurrency="$concurrency" --timeout="${timeout}s" --max-instances="$most" \
    --set-env-vars="$env" --set-secrets="/policy/policy.yaml=$name-policy:latest"
}
log_env=",SLUICE_LOG_OBJECTS=bucket:$project-$name-log"
slack_env=''
[ -z "$slack" ] ||
  slack_env=",SLUICE_SLACK_TOKEN=secret:projects/$project/secrets/$name-slack-token/versions/latest"
push_env() { printf ',SLUICE_PUSH_ACCOUNT=%s,SLUICE_PUSH_AUDIENCE=%s' "$(account push)" "$(own_url "$1")"; }
token_env=",SLUICE_SIGNING_KEY=secret:projects/$project/secrets/$name-signing-key/versions/latest"
deploy gateway 1Gi 40 3600 20 "$token_env"
deploy console 1Gi 20 3600 5 "$token_env$log_env"
deploy approval-notifier 512Mi 20 60 5 "$slack_env$(push_env approval-notifier)"
deploy approval-resolver 1Gi 20 540 5 "$slack_env$(push_env approval-resolver)"
deploy sweeper 1Gi 1 540 2 "$(push_env sweeper)"
deploy log-publisher 1Gi 1 540 2 "$log_env$(push_env log-publisher)"
deploy retainer 512Mi 1 1800 1 "$log_env$(push_env retainer)"
deploy reconciler 1Gi 1 1800 1 "$(push_env reconciler)"
[ -z "$slack" ] ||
  deploy slack 512Mi 20 60 5 "$slack_env,SLUICE_SLACK_SIGNING_SECRET=secret:projects/$project/secrets/$name-slack-signing-secret/versions/latest"

step 'What Google calls: pushes and schedules, with tokens of the push account'
for each in approval-notifier approval-resolver sweeper log-publisher retainer reconciler; do
  gc run services add-iam-policy-binding "$name-$each" --region="$region" --member="serviceAccount:$(account push)" --role=roles/run.invoker
done
subscribe() {
  local subscription=$1 topic=$2 each=$3 path=''
  shift 3
  [[ $topic != *-dead-letter ]] || path=/dead-letter
  there pubsub subscriptions describe "$subscription" ||
    gc pubsub subscriptions create "$subscription" --topic="$topic" --expiration-period=never --ack-deadline=60 \
      --push-endpoint="$(own_url "$each")$path" --push-auth-service-account="$(account push)" \
      --push-auth-token-audience="$(own_url "$each")" --min-retry-delay=2s --max-retry-delay=600s "$@"
}
subscribe approval-requests approval-requests approval-notifier --dead-letter-topic=approval-requests-dead-letter --max-delivery-attempts=20
subscribe approval-requests-dead-letter approval-requests-dead-letter approval-notifier
subscribe approval-decisions approval-decisions approval-resolver --dead-letter-topic=approval-decisions-dead-letter --max-delivery-attempts=20
subscribe approval-decisions-dead-letter approval-decisions-dead-letter approval-resolver
for topic in approval-requests approval-decisions; do
  gc pubsub subscriptions add-iam-policy-binding "$topic" --member="$agent" --role=roles/pubsub.subscriber
done
schedule() {
  local each=$1 path=$2 when=$3 most=$4 verb=create
  if there scheduler jobs describe "$name-$each" --location="$region"; then verb=update; fi
  gc scheduler jobs "$verb" http "$name-$each" --location="$region" --schedule="$when" --time-zone=Etc/UTC --http-method=POST \
    --uri="$(own_url "$each")$path" --oidc-service-account-email="$(account push)" --oidc-token-audience="$(own_url "$each")" \
    --attempt-deadline="${most}s" --max-retry-attempts=3 --min-backoff=5s
}
schedule sweeper /sweep '* * * * *' 540
schedule log-publisher /seal '* * * * *' 540
schedule retainer /retain '23 * * * *' 1800
schedule reconciler /reconcile '17 * * * *' 1800

cat <<DONE

Sluice is at $(own_url gateway), its console at $console_url/console.
What is left to do:
  - the key that signs Sluice's tokens, if there is none yet:
      npx sluice keys new | gcloud secrets versions add $name-signing-key --project=$project --data-file=-
    and new instances of $name-gateway and $name-console, which read it as they start:
      gcloud run services update $name-gateway --project=$project --region=$region --update-env-vars=SLUICE_ROLLED=1
      gcloud run services update $name-console --project=$project --region=$region --update-env-vars=SLUICE_ROLLED=1
  - register $(own_url gateway)/v1/callback and $console_url/console/callback with your issuer
DONE
[ -z "$slack" ] || cat <<DONE
  - Slack's bot token and signing secret, likewise: $name-slack-token and $name-slack-signing-secret
  - the app's request URL: $(own_url slack)/slack/interactivity
DONE
