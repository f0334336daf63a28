#!/bin/sh
# npm as the tested pages see it. The service of the page runs already, and the suite is what runs this: so of scripts
# it is checked that they exist, and api-key alone is run.
set -eu
[ "$1" = run ] && shift
[ "$1" = --silent ] && shift
name=$1
[ "$name" = ci ] && exit 0
REPOSITORY=$REPOSITORY NAME=$name node -e '
  const { scripts } = require(`${process.env.REPOSITORY}/package.json`)
  if (!scripts[process.env.NAME]) throw new Error(`package.json has no script ${process.env.NAME}`)'
[ "$name" = api-key ] || exit 0
shift
[ "${1-}" = -- ] && shift
exec node "$REPOSITORY/.build/src/api-key.js" "$@"
