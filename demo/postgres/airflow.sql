-- Airflow keeps its own state beside the service's data.
CREATE DATABASE airflow;
