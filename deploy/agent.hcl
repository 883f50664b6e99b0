# The file of the machine: which workspaces its agent runs, and what each may see and do.
# It belongs in /etc/gdfctl/agent.hcl, and never in git. docs/agent.md explains it.
agent {
  database  = env.GDF_DATABASE_URL
  directory = "/var/lib/gdfctl"
}

workspace "seller-17" {
  git      = "git@github.com:acme/sellers.git"
  branch   = "main"
  path     = "seller-17"
  env_file = "/etc/gdfctl/env/seller-17" # the only variables that it sees
  allow    = ["acknowledge"]
}
