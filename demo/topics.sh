#!/bin/sh
# Makes the demo's topics; those that exist stay as they are.
set -eu
for topic in churn.predictions churn.alerts churn.requests churn.events churn.dead-letter; do
    /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic "$topic" \
        --partitions 6 --replication-factor 1
done
