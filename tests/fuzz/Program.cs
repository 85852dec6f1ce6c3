using System.Runtime.InteropServices;
using SharpFuzz;
using SharpFuzz.Common;

// TARGET: reads what AFL++ sends. TARGET FOLDER: writes a sound file into that folder, to begin with.
// Instrumented code notes where it is: until AFL++ gives the place for that, in memory of our own.
unsafe
{
    Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(1 << 16);
}

if (FuzzTarget.All.FirstOrDefault(target => args.Length > 0 && target.Name == args[0]) is not { } target)
{
    Console.Error.WriteLine($"name one of: {string.Join(", ", FuzzTarget.All.Select(target => target.Name))}");
    return 2;
}

if (args.Length > 1)
{
    File.WriteAllBytes(Path.Combine(args[1], "sound"), target.Sound);
    return 0;
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
return 0;
