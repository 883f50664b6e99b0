gdfctl {
  required_version = "new enough" # ERROR: Invalid version constraint
  backend "s3" {}
}
