"""The app in a browser: a web server for one desk, with a guard before it and a process of the app for each tab."""
