# VAR nobody=x
# VAR typed=abc
# VAR broken=[1,
# ERROR at nowhere: No variable "nobody"
# ERROR at nowhere: The value of variable "broken" is not list of number
variable "missing" {} # ERROR: No value for variable "missing"
variable "typed" {    # ERROR: Variable "typed" has the wrong type
  type = number
}
variable "default" {
  type    = number
  default = "many" # ERROR: Variable "default" has the wrong type
}
variable "odd" {
  type    = whole # ERROR: Invalid type specification
  default = 1
}
variable "refers" {
  default = local.x # ERROR: "local" can't be used here
}
variable "0name" { # ERROR: Invalid name of a variable
  default = 1
}
variable "broken" {
  type = list(number)
}
locals {
  x = 1
}
order "uses" {
  status          = "shipped"
  tracking_number = var.missing
  carrier         = upper(var.missing)
  attempt         = var.missing
  find            = { id = var.missing }
}
batch "uses" {
  rows            = csv(var.missing, { delimiter = upper(var.missing) })
  where           = var.missing
  find            = { id = upper(var.missing) }
  status          = var.missing
  tracking_number = upper(var.missing)
}
batch "uses_rows" {
  rows   = var.missing
  find   = var.missing
  status = "shipped"
}
batch "uses_element" {
  rows   = [var.missing, { id = var.missing }]
  find   = { id = row.id }
  status = "shipped"
}
release "uses" {
  find   = { id = upper(var.missing) }
  reason = var.missing
}
policy {
  max_changes  = var.missing
  max_plan_age = var.missing
  rule "uses" {
    when      = upper(var.missing) == "X"
    condition = change.after.carrier == upper(var.missing)
    message   = "not ${upper(var.missing)}"
  }
  rule "message" {
    condition = change.after.carrier == "no such"
    message   = upper(var.missing)
  }
}
account "main" {
  endpoint  = var.missing
  timezone  = upper(var.missing)
  page_size = var.missing
  default   = var.missing
}
gdfctl {
  required_version = var.missing
  backend "local" { path = var.missing }
}
