# What the agent does by itself. Whoever owns this file in CODEOWNERS approves each change,
# and a pull request that changes it says so at the top of its report.

schedule "acknowledge-walmart" {
  every  = "10m"
  run    = "apply"
  target = ["standing.walmart-acknowledge"]
  limits {
    max_changes = 200
  }
}

schedule "read-back" {
  every = "1h"
  run   = "verify"
}
