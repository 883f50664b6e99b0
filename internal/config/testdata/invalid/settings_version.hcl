gdfctl {
  required_version = "new enough" # ERROR: Invalid version constraint
  backend "s3" {} # ERROR: Unknown backend "s3"
}
