"""From reports that browsers sent to a policy: read from logs, told apart from noise, proposed with
reasons."""
