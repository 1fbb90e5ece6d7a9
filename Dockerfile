# The images of the service and of what is built around it: docker build --target churn|demo|ui|airflow .
ARG SWIFT_IMAGE=swift:6.3.1-bookworm
ARG RUN_IMAGE=debian:bookworm-slim
ARG PYTHON_IMAGE=python:3.13-slim
ARG AIRFLOW_IMAGE=apache/airflow:3.3.2

# Compiles. Nothing of it is shipped but the executable.
FROM ${SWIFT_IMAGE} AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpq-dev librdkafka-dev libssl-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
RUN swift package resolve
COPY migrations ./migrations
COPY Sources ./Sources
# The package is not read without the folders of its tests.
COPY Tests ./Tests
RUN swift build --configuration release --static-swift-stdlib -Xlinker -s --product churn \
 && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/churn" /out/churn

# The service and its commands. Runs as nobody in particular, writes nothing, needs no shell.
FROM ${RUN_IMAGE} AS churn
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libpq5 librdkafka1 libssl3 zlib1g \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt \
 && groupadd --gid 10001 churn \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /srv/churn --shell /usr/sbin/nologin churn
COPY --from=build /out/churn /usr/local/bin/churn
COPY Models /srv/churn/Models
WORKDIR /srv/churn
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=15s --retries=6 CMD ["churn", "health"]
ENTRYPOINT ["/usr/local/bin/churn"]
CMD ["serve"]

# The demo's callers: the executable, and Python that asks the service as a company's systems would.
FROM churn AS demo
USER 0
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-minimal libpython3-stdlib python3-confluent-kafka \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt \
 && install --directory --mode 1777 /srv/incoming
COPY demo /srv/demo
WORKDIR /srv/demo
USER 10001:10001
HEALTHCHECK NONE
ENTRYPOINT ["python3"]
CMD ["traffic.py"]

# The page.
FROM ${PYTHON_IMAGE} AS ui
COPY ui/requirements.txt /srv/ui/
RUN python3 -m venv /srv/venv \
 && /srv/venv/bin/pip install --no-cache-dir --no-compile --requirement /srv/ui/requirements.txt \
 && groupadd --gid 10002 ui \
 && useradd --uid 10002 --gid 10002 --create-home --shell /usr/sbin/nologin ui
COPY ui /srv/ui
WORKDIR /srv/ui
USER 10002:10002
ENV PATH=/srv/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 STREAMLIT_SERVER_ADDRESS=0.0.0.0
EXPOSE 8501
HEALTHCHECK --interval=5s --timeout=5s --start-period=15s --retries=6 \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["streamlit", "run", "app.py"]

# The schedule: Airflow with the executable inside, so that a task is a process and no container.
FROM ${AIRFLOW_IMAGE} AS airflow
USER 0
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpq5 librdkafka1 zlib1g \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt \
 && install --directory --mode 1777 /srv/incoming /srv/reports
COPY --from=build /out/churn /usr/local/bin/churn
COPY airflow/dags /opt/airflow/dags
USER 50000:0
