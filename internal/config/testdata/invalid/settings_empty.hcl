gdfctl {
  backend "local" { path = "" } # ERROR: The state's path is outside the configuration's directory
}
