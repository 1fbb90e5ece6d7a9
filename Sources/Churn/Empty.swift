// Churn
