Console.SetError(new Sagitta.Cli.CommandLine.ErrorWriter(Console.Error));
using StreamWriter output = new(Sagitta.Core.Files.OutputStream.Standard(), new System.Text.UTF8Encoding(false)) { AutoFlush = true };
return Sagitta.Cli.CommandLine.SagittaCommand.RunAsync(args, output, Console.Error).GetAwaiter().GetResult();
