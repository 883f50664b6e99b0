locals {
  n = 1 + * 2 # ERROR: Invalid expression
}
order "a" {
  status = "gone"
}
