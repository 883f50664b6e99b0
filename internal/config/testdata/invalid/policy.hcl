policy {
  max_changes            = -1      # ERROR: max_changes is out of range
  max_cancellations      = "some"  # ERROR: max_cancellations must be a number
  max_cancellation_ratio = 2       # ERROR: max_cancellation_ratio is out of range
  max_held               = 1.5     # ERROR: max_held must be a whole number
  max_plan_age           = "1 day" # ERROR: max_plan_age must be a duration
  min_approvals          = -1      # ERROR: min_approvals is out of range
  approvals              = "all"   # ERROR: Invalid approvals
  rule "no condition" { # ERROR: Missing required argument # ERROR: Missing required argument
  }
  rule "attribute" { # ERROR: The rule "attribute" can't be evaluated
    condition = change.after.carier == "UPS"
    message   = "m"
  }
  rule "not a condition" { # ERROR: The rule "not a condition" can't be evaluated
    condition = change.after.carrier
    message   = "m"
  }
  rule "behind when" { # ERROR: The rule "behind when" can't be evaluated
    when      = contains(change.actions, "cancel")
    condition = strlen(change.after.carrier, 1) > 3
    message   = "m"
  }
  rule "message" { # ERROR: The rule "message" can't be evaluated
    condition = true
    message   = "carrier ${change.after.carier}"
  }
  rule "no function" {
    when      = contains(change.actions, "cancel")
    condition = chars(change.after.carrier) > 3 # ERROR: Call to unknown function
    message   = "m"
  }
  rule "null" { # ERROR: The rule "null" can't be evaluated
    condition = null
    message   = "m"
  }
}
