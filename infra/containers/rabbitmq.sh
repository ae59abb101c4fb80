#!/bin/sh
# Starts Debian's RabbitMQ as the public image starts its own: user and password come from RABBITMQ_DEFAULT_USER and _PASS, which the server reads itself.
export HOME=/var/lib/rabbitmq RABBITMQ_LOGS=- RABBITMQ_CONF_ENV_FILE=/dev/null
chown rabbitmq:rabbitmq /var/lib/rabbitmq
exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups /usr/lib/rabbitmq/bin/rabbitmq-server "$@"
