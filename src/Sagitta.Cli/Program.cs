return await SagittaCommand.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
