"""A workflow as a picture: its line of steps from left to right, what lies beside it below, returns
above. All of it is worked out here, in whole pixels; templates only draw. Pure."""
