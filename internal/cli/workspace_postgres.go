package cli

import (
	"context"
	"time"

	"tenderbook/internal/postgres"
)

func openServer(ctx context.Context, url string, clock func() time.Time) (store, error) {
	return postgres.Open(ctx, url, postgres.Options{Clock: clock})
}
