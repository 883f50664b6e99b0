gdfctl {
  backend "local" { path = "state/.." } # ERROR: The state's path leads out of the configuration's directory
}
