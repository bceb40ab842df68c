#!/bin/sh
exec node /srv/server.mjs "$@"
