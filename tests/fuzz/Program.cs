using SharpFuzz;

// TARGET: reads what AFL++ sends. TARGET FOLDER: writes a sound file into that folder, to begin with.
FuzzTarget target = FuzzTarget.All.FirstOrDefault(target => args.Length > 0 && target.Name == args[0])
    ?? throw new BadInputException($"name one of: {string.Join(", ", FuzzTarget.All.Select(target => target.Name))}");
if (args.Length > 1)
{
    File.WriteAllBytes(Path.Combine(args[1], "sound"), target.Sound);
    return;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using MemoryStream bytes = new();
    stream.CopyTo(bytes);
    try
    {
        target.Read(target.Wrap(bytes.ToArray()));
    }
    catch (BadInputException)
    {
        // Refused in one line: as it should be. Whatever else comes out is the finding.
    }
});
