"""The dashboards as code: `python3 -m grafana.source` writes them to grafana/dashboards/, where Grafana reads them."""
