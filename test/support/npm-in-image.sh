#!/bin/sh
exec node /opt/npm/bin/npm-cli.js "$@"
