gdfctl {
  required_version = ">= 9.0" # ERROR: gdfctl is not the required version
  backend "local" { path = "../gdfctl.state.json" } # ERROR: The state's path is outside the configuration's directory
  backend "s3" {} # ERROR: Duplicate backend block
}
