Console.SetError(new ErrorWriter(Console.Error));
using StreamWriter standard = new(Sagitta.Core.Files.OutputStream.Standard(), new System.Text.UTF8Encoding(false)) { AutoFlush = true };
using TextWriter output = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? standard
    : new TerminalWriter(standard, Console.WindowWidth);
return SagittaCommand.RunAsync(args, output, Console.Error).GetAwaiter().GetResult();
