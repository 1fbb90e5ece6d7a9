"""What can be proved of dashboards without a Grafana: their schema, our own rules, and that every query has an answer.

python3 -m grafana.check [--prometheus URL] grafana/dashboards/*.json
"""
