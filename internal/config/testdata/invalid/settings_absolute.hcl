gdfctl {
  backend "local" { path = "/tmp/gdfctl.state.json" } # ERROR: The state's path leads out of the configuration's directory
}
