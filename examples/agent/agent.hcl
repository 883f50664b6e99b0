# The file of a machine, /etc/gdfctl/agent.hcl. It is the administrator's, and never comes
# from git: it says what workspaces may do at most.
#
#   gdfctl agent --config /etc/gdfctl/agent.hcl --check
#   gdfctl agent --config /etc/gdfctl/agent.hcl

agent {
  database  = env.GDF_DATABASE_URL # remove it for a single machine
  directory = "/var/lib/gdfctl"
}

workspace "seller-17" {
  git    = "git@github.com:acme/sellers.git"
  branch = "main"
  path   = "seller-17"

  # KEY=VALUE lines, with chmod 600: the only variables that this workspace sees.
  env_file = "/etc/gdfctl/env/seller-17"

  # The tip of the branch must carry a good signature of one of these.
  signers = "/etc/gdfctl/allowed_signers"

  # The ceiling. Git can ask for less, never for more.
  allow      = ["acknowledge"]
  policy_dir = "/etc/gdfctl/policy"
  min_every  = "5m"

  # Without a fetch for a day, its runs stop.
  max_config_age = "24h"
}
