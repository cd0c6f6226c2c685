"""What a petitioner may ask and say without an account: by receipt and check code."""
