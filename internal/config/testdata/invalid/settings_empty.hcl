gdfctl {
  backend "local" { path = "" } # ERROR: The state's path leads out of the configuration's directory
}
