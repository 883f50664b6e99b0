package reconcile

// credentialsRemedy says where the credentials of a backend belong.
func credentialsRemedy(label string) string {
	const why = "Whoever reads this file, now or in its history, can use them: have them replaced. "
	switch label {
	case "git":
		return why + "Credentials come from git itself: configure a credential helper, or an ssh key."
	case "s3":
		return why + "Credentials come from the environment, as for the AWS tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or a role."
	}
	return why + "Write url = env.GDF_DATABASE_URL, or leave the password to PGPASSWORD or a password file."
}
