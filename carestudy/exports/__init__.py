"""Lists that leave the company's data: files that compute nothing, are whole or not there, and not for everybody."""
