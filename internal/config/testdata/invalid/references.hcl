# ENV SECRET=canary-key
locals {
  a      = local.b # ERROR: local.a depends on itself
  b      = local.c
  c      = local.a
  direct = upper(env.SECRET) # ERROR: "env" can't be used here
  gone   = local.nothing     # ERROR: No local "nothing"
  row    = row.x             # ERROR: "row" can't be used here
  whole  = keys(local)       # ERROR: local can't be used as a whole
}
order "env" {
  status          = "shipped"
  tracking_number = env.SECRET # ERROR: "env" can't be used here
}
order "row" {
  status          = "shipped"
  tracking_number = row["x"] # ERROR: "row" can't be used here
}
order "change" {
  status = "shipped"
  carrier = change.after.carrier # ERROR: "change" can't be used here
}
order "var" {
  status  = "shipped"
  carrier = var.nothing # ERROR: No variable "nothing"
}
order "local" {
  status  = "shipped"
  carrier = local.nothing # ERROR: No local "nothing"
}
order "function" {
  status  = "shipped"
  carrier = uper("ups") # ERROR: Call to unknown function
}
order "bare" {
  status  = "shipped"
  carrier = UPS # ERROR: "UPS" can't be used here
}
order "argument" {
  status  = "shipped"
  carrier = upper("a", "b") # ERROR: Too many function arguments
}
order "quiet" {
  status          = "shipped"
  tracking_number = local.a
}
batch "env" {
  rows            = csv(env.SECRET) # ERROR: "env" can't be used here
  find            = { id = env.SECRET } # ERROR: "env" can't be used here
  status          = "shipped"
  tracking_number = env.SECRET # ERROR: "env" can't be used here
}
batch "row" {
  rows   = csv(row.path) # ERROR: "row" can't be used here
  find   = { id = row["Order"] }
  status = "shipped"
}
batch "function" {
  rows    = csv("tables/shipments.csv")
  find    = { id = row["Order"] }
  status  = "shipped"
  carrier = uper(row["Carrier"]) # ERROR: Call to unknown function
}
batch "local" {
  rows    = csv("tables/shipments.csv")
  find    = { id = row["Order"] }
  status  = "shipped"
  carrier = local.nothing # ERROR: No local "nothing"
}
policy {
  max_changes = env.SECRET # ERROR: "env" can't be used here
  rule "change" {
    condition = row.x == 1 # ERROR: "row" can't be used here
    message   = env.SECRET # ERROR: "env" can't be used here
  }
}
gdfctl {
  required_version = env.SECRET # ERROR: "env" can't be used here
}
