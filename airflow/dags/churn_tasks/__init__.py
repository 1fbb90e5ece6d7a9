"""What the DAGs are made of: the operator that runs churn, the wait for files, the call for help."""
