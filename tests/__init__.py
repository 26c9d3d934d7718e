from hypothesis import settings

# How long an example takes says more about the machine than about the code. Who names a profile
# (`--hypothesis-profile`) keeps it.
settings.register_profile("suite", deadline=None)
if settings.get_current_profile_name() == "default":
    settings.load_profile("suite")
