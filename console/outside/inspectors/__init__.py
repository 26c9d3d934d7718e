"""Programs of their own: each looks at one uploaded file, in a process with little to lose.

They are run by path, isolated, and import nothing of the console (`console.outside.inspecting`).
The file comes in by stdin. What goes out by stdout: one line of JSON, then the file as it may be
kept, where it is written anew. `{"refused": code}` says why it is not taken.
"""
