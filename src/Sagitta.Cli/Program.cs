return await Sagitta.Cli.CommandLine.SagittaCommand.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
