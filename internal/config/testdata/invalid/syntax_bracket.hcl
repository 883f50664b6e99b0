order "a" {
  status = [1,
} # ERROR: Invalid expression
