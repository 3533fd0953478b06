"""WeChat Official Accounts and WeCom: one callback, plain or encrypted."""
