gdfctl {
  required_version = ">= 9.0" # ERROR: gdfctl is not the required version
  backend "local" { path = "../gdfctl.state.json" }
  backend "s3" {} # ERROR: Duplicate backend block
}
