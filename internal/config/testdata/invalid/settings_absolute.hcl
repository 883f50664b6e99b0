gdfctl {
  backend "local" { path = "/tmp/gdfctl.state.json" } # ERROR: The state's path is outside the configuration's directory
}
