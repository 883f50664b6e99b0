gdfctl {
  backend "local" { path = "state/.." } # ERROR: The state's path is outside the configuration's directory
}
