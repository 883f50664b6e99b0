locals {
  number = 1e100000000 # ERROR: Expression too large
  power  = 1e300 * 1e300 # ERROR: Expression too large
  loops  = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]] # ERROR: Expression too large
  text   = join("", [for a in range(1000) : format("%01000d", a)])
  more   = join("", [for a in range(200) : local.text]) # ERROR: Expression too large
  ten    = [for a in range(10) : 1]
}
